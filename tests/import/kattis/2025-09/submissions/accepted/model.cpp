#include "mean.h"
#include <cmath>
#include <cstdio>

int main(int argc, char **)
{
	int n, number;
	double sum = 0;

	if (scanf("%d", &n) != 1 || n > MOST)
		return 1;
	for (int i = 0; i < n && scanf("%d", &number) == 1; i++)
		sum += number;
	if (argc > 1)
		printf("%d\n", (int)std::floor(sum / n));
	else
		printf("%.9f\n", sum / n);
}
