"""Rate cards: read, checked, compiled and looked up; and what they make of a usage."""
