"""The only caller of git. Nothing is written to a repository, and nothing that its configuration names is run.

Git blob ids are not used to recognise the contents of working files: end-of-line conversion, `filter=` and
`working-tree-encoding` make a working file differ from its blob, also at the same size (a notebook stripped of its
results), and to learn which files equal the index git may have to run the configured filters. The cache takes each
file's stat instead, which costs 50 ms more for 20,000 files.
"""
