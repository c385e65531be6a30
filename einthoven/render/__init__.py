"""From an ECG to a page: layouts in millimetres, drawn with OpenCV."""
