"""Images to learn from. One signature for all: `glyphs(train=6000, validation=1000, test=1000, seed=0) -> Dataset`."""

from common.data.dataset import Dataset as Dataset
from common.data.dataset import Examples as Examples
from common.data.glyph import glyphs as glyphs
from common.data.real import NotHere as NotHere
from common.data.real import cifar10 as cifar10
from common.data.real import fashion_mnist as fashion_mnist
from common.data.real import mnist as mnist
from common.data.scene import SceneExamples as SceneExamples
from common.data.scene import Scenes as Scenes
from common.data.scene import scenes as scenes
from common.data.small import digit_scans as digit_scans
from common.data.small import digits as digits
from common.data.small import photo as photo
from common.data.small import scattered_digits as scattered_digits
