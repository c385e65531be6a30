"""What paper, light and camera do to a page, part by part, each seeded by its name, with the geometry returned."""
