"""What every face shares: base pages, components, marks, words for the islands."""
