"""What a deployer can get wrong about people: said at start, with the cure."""
