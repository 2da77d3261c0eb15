/* ends.h - the two ways a validator ends */
#include <cstdlib>
#include <fstream>

static void end_accepted()
{
	std::exit(42);
}

static void end_wrong(const std::string &feedback, const char *why)
{
	std::ofstream(feedback + "/judgemessage.txt") << why << "\n";
	std::exit(43);
}
