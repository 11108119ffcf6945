"""The pack (gói tỉnh): what makes one province differ from another, as a folder of plain files."""
