#include <iostream>
#include <string>

int main()
{
	std::cout << std::string("hello world") << std::endl;
}
