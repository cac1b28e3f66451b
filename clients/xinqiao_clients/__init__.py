"""The department data node: encrypted store, validation, gate, books, door, Flower agent."""
