"""What others wrote about an estate, as first records: spreadsheets, catalogues and documents; bytes in, drafts out."""
