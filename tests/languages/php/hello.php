<?php

echo implode(" ", ["hello", "world"]), "\n";
