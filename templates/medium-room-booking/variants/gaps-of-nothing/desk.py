"""The front desk: commands about rooms on standard input, an answer for each on standard output."""

import sys
from bisect import bisect_left, bisect_right, insort
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Booking:
    start: int
    end: int
    number: int
    room: str
    who: str


class Room:
    """The bookings of one room, in order of time; they do not overlap."""

    def __init__(self):
        self.bookings = []

    def overlapping(self, start, end):
        """Those that have a minute in this span, in order of time."""
        first = bisect_right(self.bookings, start, key=lambda booking: booking.end)
        for index in range(first, len(self.bookings)):
            if self.bookings[index].start >= end:
                break
            yield self.bookings[index]

    def add(self, booking):
        insort(self.bookings, booking)

    def remove(self, booking):
        del self.bookings[bisect_left(self.bookings, booking)]


class Desk:
    def __init__(self):
        self.rooms = {}
        self.bookings = {}
        self.last_number = 0

    def room(self, name):
        return self.rooms.setdefault(name, Room())

    def put(self, booking, old=None):
        """Enter a booking, in place of an old one, if nothing is in its way."""
        room = self.room(booking.room)
        for other in room.overlapping(booking.start, booking.end):
            if other != old:
                return f"taken {other.number}"
        if old:
            room.remove(old)
        room.add(booking)
        self.bookings[booking.number] = booking
        self.last_number = max(self.last_number, booking.number)
        return f"ok {booking.number}"

    def book(self, room, start, end, who):
        return self.put(Booking(start, end, self.last_number + 1, room, who))

    def cancel(self, number):
        booking = self.bookings.pop(number, None)
        if not booking:
            return f"no booking {number}"
        self.room(booking.room).remove(booking)
        return "ok"

    def move(self, number, start, end):
        old = self.bookings.get(number)
        if not old:
            return f"no booking {number}"
        return self.put(Booking(start, end, number, old.room, old.who), old)

    def who(self, room, time):
        return next((booking.who for booking in self.room(room).overlapping(time, time + 1)), "nobody")

    def free(self, room, start, end):
        pieces = []
        for booking in self.room(room).overlapping(start, end):
            pieces.append(f"{start}-{booking.start}")
            start = booking.end
        pieces.append(f"{start}-{end}")
        return " ".join(pieces) or "none"

    def answer(self, command, *words):
        if command == "cancel":
            return self.cancel(int(words[0]))
        if command == "who":
            return self.who(words[0], int(words[1]))
        start, end = int(words[1]), int(words[2])
        if end <= start:
            return "bad time"
        if command == "book":
            return self.book(words[0], start, end, words[3])
        if command == "move":
            return self.move(int(words[0]), start, end)
        return self.free(words[0], start, end)


def main():
    desk = Desk()
    for line in sys.stdin:
        print(desk.answer(*line.split()))


if __name__ == "__main__":
    main()
