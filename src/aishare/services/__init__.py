"""What aishare does: all decisions are made here, between the API above and the database and storage below."""
