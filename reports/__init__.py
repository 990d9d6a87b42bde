"""From records to answers: reading and merging results files, and writing the comparison report.

Nothing here imports a framework, an adapter or a claim: a report is built from files alone.
"""
