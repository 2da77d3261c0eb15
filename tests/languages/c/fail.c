/* fail.c - fails on purpose */
#include <stdlib.h>

int main(void)
{
	abort();
}
