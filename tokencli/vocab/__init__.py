"""The vocabularies that ship with tok, packed; lock.toml says where each comes from."""
