"""A petition on other sites: the picture of its links, the small page for frames, and the code that puts it there."""
