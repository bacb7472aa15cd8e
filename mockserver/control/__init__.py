"""The mock's own API below `/_mock/`: what it has seen, what it remembers, its time, its faults and webhooks."""
