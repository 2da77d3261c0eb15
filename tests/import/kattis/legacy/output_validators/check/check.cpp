// check INPUT ANSWER FEEDBACK [allow_zero] < OUTPUT
#include "ends.h"
#include <fstream>
#include <iostream>
#include <string>

int main(int argc, char **argv)
{
	std::ifstream input(argv[1]);
	bool zero = argc > 4 && std::string(argv[4]) == "allow_zero";
	long long n, a, b;
	std::string rest;

	input >> n;
	if (!(std::cin >> a >> b) || std::cin >> rest || a < 0 || b < 0 || a + b != n)
		end_wrong(argv[3], "the terms do not sum to n");
	if (!zero && (a == 0 || b == 0))
		end_wrong(argv[3], "a term is zero");
	end_accepted();
}
