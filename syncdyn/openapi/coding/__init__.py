"""Values <-> what travels: parameters as text, bodies as bytes."""
