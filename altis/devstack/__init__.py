"""The services and processes of a development stack: started, watched and stopped. Imports nothing of ours."""
