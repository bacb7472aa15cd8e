"""What a document's operations do beyond answering: resources, lists, rules, jobs that move on."""
