"""What people store: files and folders, who may do what with them, and the way of their bytes."""
