"""Pictures and words of verdicts: what every face shows, drawn once, from threads and reports and nothing else."""
