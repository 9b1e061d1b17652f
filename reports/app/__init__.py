"""The explorer: a Streamlit app on this machine's own address that reads the published file."""
