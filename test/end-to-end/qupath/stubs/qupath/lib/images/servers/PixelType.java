package qupath.lib.images.servers;

public enum PixelType { UINT8, INT8, UINT16, INT16, UINT32, INT32, FLOAT32, FLOAT64 }
