"""The words that made-up texts are put together from, by kind; a name in braces stands for a word of that kind."""

from __future__ import annotations

from collections.abc import Mapping

VOCABULARY: Mapping[str, tuple[str, ...]] = {
    "first name": (
        "Ada", "Amir", "Aiko", "Bruno", "Carla", "Chen", "Dara", "Elif", "Emeka", "Freya", "Goran", "Hana", "Ines",
        "Ivan", "Jonas", "Kofi", "Lena", "Luis", "Maya", "Nadia", "Omar", "Priya", "Rosa", "Samir", "Tara", "Yusuf",
    ),
    "last name": (
        "Abebe", "Andersen", "Bianchi", "Costa", "Demir", "Eze", "Fischer", "Garcia", "Haddad", "Ito", "Jansen", "Kaur",
        "Kowalski", "Larsen", "Lopez", "Mensah", "Moreau", "Nguyen", "Novak", "Okafor", "Petrov", "Rossi", "Sato",
        "Silva", "Tanaka", "Weber",
    ),
    "person": ("{first_name} {last_name}",),
    "thing name": ("{adjective} {noun}",),
    "title": ("The {adjective} {noun}", "{adjective} {noun} and {noun}", "A {noun} for the {noun}"),
    "sentence": (
        "The {adjective} {noun} stands by the {noun}.",
        "Every {noun} needs a {adjective} {noun}.",
        "A {adjective} {noun} is kept in {city}.",
    ),
    "adjective": (
        "amber", "brisk", "calm", "clear", "copper", "early", "gentle", "green", "hollow", "ivory", "late", "light",
        "narrow", "northern", "plain", "quiet", "round", "silver", "steady", "warm",
    ),
    "noun": (
        "anchor", "atlas", "basket", "bridge", "candle", "compass", "field", "garden", "harbor", "kettle", "ladder",
        "lantern", "maple", "meadow", "orchard", "paper", "pebble", "river", "signal", "window",
    ),
    "word": (
        "alpha", "amber", "basil", "cedar", "cobalt", "coral", "delta", "ember", "fern", "flint", "garnet", "hazel",
        "indigo", "juniper", "linen", "lotus", "marble", "olive", "opal", "quartz", "saffron", "slate", "topaz",
    ),
    "city": (
        "Accra", "Bergen", "Bogota", "Cork", "Dakar", "Ghent", "Hanoi", "Izmir", "Kyoto", "Lagos", "Leipzig", "Lima",
        "Oslo", "Porto", "Pune", "Quito", "Riga", "Split", "Tbilisi", "Turin",
    ),
    "region": ("Bavaria", "Hesse", "Kerala", "Lazio", "Leinster", "Ontario", "Oregon", "Otago", "Skane", "Utah"),
    "country": ("Brazil", "Canada", "Chile", "Ghana", "India", "Ireland", "Japan", "Kenya", "Norway", "Portugal"),
    "country code": ("BR", "CA", "CL", "DE", "FR", "GH", "IE", "IN", "JP", "KE", "NO", "PT"),
    "street": ("12 Mill Lane", "48 Harbor Street", "7 Orchard Road", "103 Station Square", "21 Bridge Walk"),
    "company": ("{last_name} & {last_name}", "{last_name} Works", "{noun} Labs", "{last_name} Ltd"),
    "job": ("archivist", "carpenter", "editor", "engineer", "gardener", "nurse", "pilot", "teacher"),
    "currency": ("BRL", "CAD", "CHF", "EUR", "GBP", "INR", "JPY", "NOK", "USD"),
    "locale": ("de-DE", "en-GB", "en-US", "es-ES", "fr-FR", "it-IT", "ja-JP", "pt-BR"),
    "language": ("de", "en", "es", "fr", "it", "ja", "pt"),
    "language code": ("de", "en", "es", "fr", "it", "ja", "pt"),
    "time zone": ("Africa/Lagos", "America/Lima", "Asia/Tokyo", "Europe/Berlin", "Europe/Lisbon", "UTC"),
    "media type": ("application/json", "application/pdf", "image/png", "text/plain", "video/mp4"),
    "extension": ("csv", "jpg", "mp4", "pdf", "png", "txt", "wav"),
    "color": ("blue", "green", "orange", "red", "teal", "violet", "white", "yellow"),
}  # fmt: skip
