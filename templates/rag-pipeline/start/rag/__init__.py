"""The answer desk: documents in, answers with their sources out."""
