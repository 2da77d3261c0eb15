/* demo.c - keeps the last 32 bytes of standard input and prints them. */
#include "ring_buffer.h"

#include <stdio.h>

int main(void)
{
	unsigned char storage[32], bytes[5];
	struct ring_buffer ring;
	size_t count;

	ring_buffer_init(&ring, storage, sizeof(storage));
	while ((count = fread(bytes, 1, sizeof(bytes), stdin)) > 0)
		ring_buffer_overwrite(&ring, bytes, count);
	while ((count = ring_buffer_read(&ring, bytes, sizeof(bytes))) > 0)
		fwrite(bytes, 1, count, stdout);
	return 0;
}
