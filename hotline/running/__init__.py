"""Running the product on one machine: the processes, their environment, and who starts them again."""
