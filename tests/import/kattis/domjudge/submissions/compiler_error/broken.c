/* broken.c - is no C */
int main(void) { return
