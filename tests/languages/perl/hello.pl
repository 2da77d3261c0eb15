use strict;
use warnings;

print join(" ", "hello", "world"), "\n";
