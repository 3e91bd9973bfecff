import os

import cv2
import numpy as np

os.makedirs("data", exist_ok=True)
for number in range(3):
    image = np.full((16, 16, 3), number * 60, dtype="uint8")
    image[4:8, 4:12] = (255, 0, number)
    cv2.imwrite(f"data/{number}.png", image)
from PIL import Image

Image.fromarray(image).save("data/pil.png")
writer = cv2.VideoWriter("data/clip.avi", cv2.VideoWriter_fourcc(*"MJPG"), 5, (16, 16))
for number in range(5):
    writer.write(np.full((16, 16, 3), number * 40, dtype="uint8"))
writer.release()
