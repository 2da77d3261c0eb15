exec ./wc
