"""The Flask app: pages call services and queries, services own one decision each, errors meet HTTP in one place."""
