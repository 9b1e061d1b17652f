"""Short names of themes and their families, read off their own sentences."""

from models.naming.families import name_families
from models.naming.names import name_group, name_topics

__all__ = ["name_families", "name_group", "name_topics"]
