"""The pages of firms."""
