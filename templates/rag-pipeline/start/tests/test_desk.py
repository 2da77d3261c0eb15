from rag.desk import Answer, Desk
from rag.model import UNKNOWN


def test_an_answer_names_its_source():
    desk = Desk()
    desk.put("travel", "Trains come before planes.")
    desk.put("wifi", "The guest network is called Lighthouse.")
    assert desk.ask("What is the guest network called?") == Answer("The guest network is called Lighthouse.", "wifi")


def test_what_no_document_says_is_not_known():
    desk = Desk()
    desk.put("travel", "Trains come before planes.")
    assert desk.ask("Who is on call?") == Answer(UNKNOWN, None)


def test_readers_of_a_document_can_be_changed():
    desk = Desk()
    desk.put("bands", "Band four begins at 58000 euros.")
    desk.put("bands", "Band four begins at 58000 euros.", ["hr"])
    assert desk.ask("Where does band four begin?").text == UNKNOWN
    assert desk.ask("Where does band four begin?", ["hr"]).source == "bands"
