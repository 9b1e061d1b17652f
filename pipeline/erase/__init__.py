"""What is asked to be forgotten leaves every file of a workspace, and stays away."""
