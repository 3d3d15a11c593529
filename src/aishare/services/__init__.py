"""What aishare does: every decision is taken here, below the doors and above bytes and rows."""
