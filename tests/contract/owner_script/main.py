"""Many lip-sync requests as one batch: check the file, create the batch, follow it, fetch its results.

Written as a user of the official SDK writes it, with nothing that only `syncdyn` has; the import is all that differs.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import httpx

from syncdyn import Sync
from syncdyn.core.api_error import ApiError

POLL_SECONDS = 60
OUTPUT_FILE = "output.jsonl"
WEBHOOK_URL = "https://your-webhook-endpoint.com/batch-complete"
ENDED = ("COMPLETED", "FAILED")

sync = Sync(api_key="your-actual-api-key-here")


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Process many lip-sync requests as one batch.")
    parser.add_argument("--input-file", metavar="FILE", help="JSON Lines file, one request per line")
    parser.add_argument("--batch-id", metavar="ID", help="a batch that was created before")
    parser.add_argument("--monitor", action="store_true", help="wait for the end and fetch the results")
    parser.add_argument("--dry-run", action="store_true", help="only check the input file")
    arguments = parser.parse_args()
    if arguments.batch_id and arguments.dry_run:
        parser.error("--dry-run checks an input file; it does not go with --batch-id")
    if arguments.batch_id and not arguments.monitor:
        parser.error("--batch-id does nothing without --monitor")
    if not arguments.batch_id and not arguments.input_file:
        parser.error("--input-file is required, unless --batch-id names a batch")
    return arguments


def create(input_file: str, is_dry_run: bool) -> str | None:
    """The id of the new batch, None after a dry run."""
    with Path(input_file).open("rb") as lines:
        batch = sync.batch.create(input=lines, webhook_url=WEBHOOK_URL, dry_run=is_dry_run)
    if batch.status == "VALIDATED":
        print(f"{input_file} is valid")
        return None
    print(f"Batch {batch.id} was created with {batch.metrics.total_generations} requests")
    return batch.id


def monitor(batch_id: str) -> None:
    batch = sync.batch.get(batch_id)
    while batch.status not in ENDED:
        print(f"Batch {batch_id} is {batch.status}, {batch.metrics.pending_count} requests to go")
        time.sleep(POLL_SECONDS)
        batch = sync.batch.get(batch_id)
    print(f"Batch {batch_id} is {batch.status}, {batch.metrics.failed_count} of its requests have failed")
    if not batch.output_url:
        sys.exit(f"Batch {batch_id} has no results")
    fetch(batch.output_url)


def fetch(url: str) -> None:
    answer = httpx.get(url, follow_redirects=True)
    answer.raise_for_status()
    Path(OUTPUT_FILE).write_bytes(answer.content)
    print(f"The results are in {OUTPUT_FILE}")


def main() -> None:
    arguments = read_arguments()
    try:
        batch_id = arguments.batch_id or create(arguments.input_file, arguments.dry_run)
        if arguments.monitor and batch_id:
            monitor(batch_id)
    except ApiError as error:
        sys.exit(f"Sync answered {error.status_code}: {error.body}")


if __name__ == "__main__":
    main()
