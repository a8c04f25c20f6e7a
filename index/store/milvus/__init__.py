"""A store on a Milvus server."""
