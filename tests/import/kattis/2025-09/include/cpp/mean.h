/* mean.h - the most numbers there are */
#define MOST {{most}}
