"""The registry of trainings and bundles: the only room that knows MLflow."""
