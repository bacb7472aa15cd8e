"""Working with Files: browsing assets."""

from __future__ import annotations

from tests.contract.owner_documents.guide.playing import Guide

LISTING = """\
# List assets with pagination
assets = sync.assets.list(limit=10, sort_by="dateDesc")
for asset in assets.items:
    print(f"{asset.name} ({asset.type}) - {asset.duration_seconds}s")

# Get a specific asset
asset = sync.assets.get("550e8400-e29b-41d4-a716-446655440000")
print(f"URL: {asset.url}")
"""


def test_ten_assets_are_printed_and_the_address_of_one(guide: Guide) -> None:
    played = guide.play(LISTING, **guide.names())
    assert played.calls == ["GET /v2/assets 200", "GET /v2/assets/{id} 200"]
    assert len(played.printed) == 11
    assert played.printed[0] == "talk.mp4 (VIDEO) - 12.5s"
    assert played.printed[-1].startswith("URL: https://")
