"""What the desk reads: the records of one municipality and the model that speaks about them."""
