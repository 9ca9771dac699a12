"""A seeded campaign of damaged workbooks: what is read must be true, and what can't be read must be refused in words.

By hand, from the project's root: ``python tests/fuzz --seed 9 --count 10000 --log campaign.jsonl``; the same command
goes on where it stopped, and ``--only 123 --keep folder`` writes one mutant to look at. A few hundred mutants are part
of the tests (``tests/test_fuzz.py``).
"""
