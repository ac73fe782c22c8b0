"""The policy of a repository at one revision: found, read, checked; compared with another; its files written."""
