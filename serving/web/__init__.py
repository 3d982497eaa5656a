"""The pages and the routes for programs."""
