"""What is filed with a training: tables, plots and the model card."""
